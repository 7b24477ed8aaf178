CREATE TABLE `identity` (
	`id` integer PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`reply_to` text NOT NULL,
	`bcc` text NOT NULL,
	`text_signature` text NOT NULL,
	`html_signature` text NOT NULL,
	`is_default` integer DEFAULT false NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `sending_day` (
	`day` text PRIMARY KEY NOT NULL,
	`recipients` integer DEFAULT 0 NOT NULL,
	`bounced` integer DEFAULT 0 NOT NULL,
	`complained` integer DEFAULT 0 NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `suppression` (
	`email` text NOT NULL,
	`reason` text NOT NULL,
	`detail` text NOT NULL,
	`submission_id` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`email`, `reason`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `upload` (
	`id` text PRIMARY KEY NOT NULL,
	`filename` text NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	`received` integer DEFAULT 0 NOT NULL,
	`progress` text NOT NULL,
	`sha256` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `upload_expires` ON `upload` (`expires_at`);--> statement-breakpoint
ALTER TABLE `account` ADD `daily_recipients` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `account` ADD `sending_stopped_at` integer;--> statement-breakpoint
ALTER TABLE `account` ADD `sending_stopped_why` text;--> statement-breakpoint
ALTER TABLE `message` ADD `receipt_to` text;--> statement-breakpoint
ALTER TABLE `submission` ADD `class` text DEFAULT 'personal' NOT NULL;--> statement-breakpoint
ALTER TABLE `submission` ADD `bounce_token` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `attempted_at` integer;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `handed_over_at` integer;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `uncertain_attempts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `is_delay_reported` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `transport` text;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `transport_id` text;--> statement-breakpoint
ALTER TABLE `submission_recipient` ADD `complained_at` integer;--> statement-breakpoint
CREATE INDEX `recipient_by_transport_id` ON `submission_recipient` (`transport_id`) WHERE transport_id is not null;