CREATE TABLE `classifier_page` (
	`page` integer PRIMARY KEY NOT NULL,
	`cells` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `correspondent` (
	`address` text PRIMARY KEY NOT NULL,
	`name_key` text NOT NULL,
	`domain_key` text NOT NULL,
	`written_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `correspondent_by_name` ON `correspondent` (`name_key`) WHERE name_key <> '';--> statement-breakpoint
CREATE INDEX `correspondent_by_domain` ON `correspondent` (`domain_key`);--> statement-breakpoint
CREATE TABLE `filter` (
	`id` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	`is_enabled` integer DEFAULT true NOT NULL,
	`conditions` text NOT NULL,
	`actions` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `filter_run` (
	`id` text PRIMARY KEY NOT NULL,
	`filter_id` text NOT NULL,
	`state` text NOT NULL,
	`progress` text NOT NULL,
	`created_at` integer NOT NULL,
	`next_attempt_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `filter_run_due` ON `filter_run` (`next_attempt_at`) WHERE next_attempt_at is not null;--> statement-breakpoint
CREATE TABLE `follow_up` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_id` integer NOT NULL,
	`kind` text NOT NULL,
	`detail` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `follow_up_due` ON `follow_up` (`next_attempt_at`);--> statement-breakpoint
CREATE TABLE `sender_reputation` (
	`domain` text PRIMARY KEY NOT NULL,
	`ham` integer DEFAULT 0 NOT NULL,
	`spam` integer DEFAULT 0 NOT NULL,
	`changed_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sender_treatment` (
	`treatment` text NOT NULL,
	`pattern` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`treatment`, `pattern`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sieve_script` (
	`name` text PRIMARY KEY NOT NULL,
	`script` text NOT NULL,
	`is_active` integer DEFAULT false NOT NULL,
	`changed_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `spam_training` (
	`message_id` integer PRIMARY KEY NOT NULL,
	`is_spam` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `vacation_reply` (
	`handle` text NOT NULL,
	`address` text NOT NULL,
	`replied_at` integer NOT NULL,
	PRIMARY KEY(`handle`, `address`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `vacation_reply_by_time` ON `vacation_reply` (`replied_at`);--> statement-breakpoint
ALTER TABLE `message` ADD `authentication` text;--> statement-breakpoint
ALTER TABLE `message` ADD `spam` text;--> statement-breakpoint
ALTER TABLE `message` ADD `learnt_as` text;--> statement-breakpoint
ALTER TABLE `message` ADD `warnings` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `message` ADD `attachment_scan` text;--> statement-breakpoint
ALTER TABLE `message` ADD `list_unsubscribe` text;--> statement-breakpoint
ALTER TABLE `message` ADD `snoozed_until` integer;--> statement-breakpoint
CREATE INDEX `message_snoozed` ON `message` (`snoozed_until`) WHERE snoozed_until is not null;