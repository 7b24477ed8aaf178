CREATE TABLE `account` (
	`user_id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`id_mask` integer NOT NULL,
	`password_salt` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `body` (
	`message_id` integer PRIMARY KEY NOT NULL,
	`text` blob,
	`html` blob
) STRICT;
--> statement-breakpoint
CREATE TABLE `change` (
	`modseq` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`object_id` integer NOT NULL,
	`op` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `fingerprint` (
	`hash` text PRIMARY KEY NOT NULL,
	`message_id` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `folder` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text,
	`parent_id` integer DEFAULT 0 NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`unread` integer DEFAULT 0 NOT NULL,
	`modseq` integer DEFAULT 0 NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `folder_sibling_name` ON `folder` (`parent_id`,`name`);--> statement-breakpoint
CREATE TABLE `folder_message` (
	`folder_id` integer NOT NULL,
	`message_id` integer NOT NULL,
	PRIMARY KEY(`folder_id`, `message_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`request_hash` text NOT NULL,
	`submission_id` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `message` (
	`id` integer PRIMARY KEY NOT NULL,
	`thread_id` integer NOT NULL,
	`rfc_message_id` text,
	`in_reply_to` text,
	`references` text NOT NULL,
	`subject` text NOT NULL,
	`from` text,
	`to` text NOT NULL,
	`cc` text NOT NULL,
	`bcc` text NOT NULL,
	`reply_to` text NOT NULL,
	`sent_at` integer,
	`preview` text NOT NULL,
	`size` integer NOT NULL,
	`is_read` integer NOT NULL,
	`is_flagged` integer NOT NULL,
	`is_draft` integer NOT NULL,
	`has_attachment` integer NOT NULL,
	`attachments` text NOT NULL,
	`folder_ids` text NOT NULL,
	`raw_key` text NOT NULL,
	`added_fields` text NOT NULL,
	`return_path` text NOT NULL,
	`delivered_to` text NOT NULL,
	`parse_note` text
) STRICT;
--> statement-breakpoint
CREATE INDEX `message_in_thread` ON `message` (`thread_id`,`id`);--> statement-breakpoint
CREATE INDEX `message_by_rfc_message_id` ON `message` (`rfc_message_id`);--> statement-breakpoint
CREATE INDEX `message_flagged` ON `message` (`id`) WHERE is_flagged = 1;--> statement-breakpoint
CREATE TABLE `released` (
	`raw_key` text PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `session` (
	`secret_hash` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `submission` (
	`id` integer PRIMARY KEY NOT NULL,
	`message_id` integer,
	`raw_key` text NOT NULL,
	`mail_from` text NOT NULL,
	`report_to` text NOT NULL,
	`created_at` integer NOT NULL,
	`send_at` integer NOT NULL,
	`next_attempt_at` integer,
	`lease` text,
	`attempts` integer DEFAULT 0 NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `submission_due` ON `submission` (`next_attempt_at`) WHERE next_attempt_at is not null;--> statement-breakpoint
CREATE INDEX `submission_of_message` ON `submission` (`message_id`);--> statement-breakpoint
CREATE TABLE `submission_recipient` (
	`submission_id` integer NOT NULL,
	`email` text NOT NULL,
	`state` text NOT NULL,
	`status` text,
	`reply` text,
	`remote_mta` text,
	`is_reported` integer DEFAULT false NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`submission_id`, `email`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `unread` (
	`folder_id` integer NOT NULL,
	`message_id` integer NOT NULL,
	PRIMARY KEY(`folder_id`, `message_id`)
) STRICT, WITHOUT ROWID;
