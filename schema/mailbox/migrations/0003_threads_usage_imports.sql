CREATE TABLE `awaited_parent` (
	`rfc_message_id` text NOT NULL,
	`message_id` integer NOT NULL,
	PRIMARY KEY(`rfc_message_id`, `message_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `discarded` (
	`message_id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `discarded_since` ON `discarded` (`since`);--> statement-breakpoint
CREATE TABLE `folder_thread` (
	`folder_id` integer NOT NULL,
	`message_id` integer NOT NULL,
	`thread_id` integer NOT NULL,
	PRIMARY KEY(`folder_id`, `message_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `import_job` (
	`id` text PRIMARY KEY NOT NULL,
	`request` text NOT NULL,
	`state` text NOT NULL,
	`progress` text NOT NULL,
	`report` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL,
	`next_attempt_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `import_due` ON `import_job` (`next_attempt_at`) WHERE next_attempt_at is not null;--> statement-breakpoint
CREATE TABLE `muted_thread` (
	`thread_id` integer PRIMARY KEY NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `saved_search` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`query` text NOT NULL,
	`used_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `usage` (
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`total` integer NOT NULL,
	`size` integer NOT NULL,
	PRIMARY KEY(`kind`, `key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `message_by_rfc_message_id`;--> statement-breakpoint
ALTER TABLE `message` ADD `keywords` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `message` ADD `fingerprint` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `message_by_rfc_message_id` ON `message` (`rfc_message_id`,`fingerprint`);--> statement-breakpoint
ALTER TABLE `account` ADD `quota_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `account` ADD `settings` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `account` ADD `oldest_state` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `account` ADD `unindexed_below` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `change` ADD `thread_id` integer;--> statement-breakpoint
ALTER TABLE `folder` ADD `size` integer DEFAULT 0 NOT NULL;