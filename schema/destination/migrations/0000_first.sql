CREATE TABLE `counter` (
	`result` text PRIMARY KEY NOT NULL,
	`recipients` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `destination` (
	`name` text PRIMARY KEY NOT NULL,
	`concurrency` real NOT NULL,
	`per_minute` real NOT NULL,
	`refused_at_concurrency` integer,
	`refused_at` integer DEFAULT 0 NOT NULL,
	`strikes` integer DEFAULT 0 NOT NULL,
	`paused_until` integer DEFAULT 0 NOT NULL,
	`minute_began` integer DEFAULT 0 NOT NULL,
	`started` integer DEFAULT 0 NOT NULL,
	`started_before` integer DEFAULT 0 NOT NULL,
	`waiting_submissions` integer DEFAULT 0 NOT NULL,
	`waiting_recipients` integer DEFAULT 0 NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `slot` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`granted_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `waiting` (
	`user_id` text NOT NULL,
	`submission_id` integer NOT NULL,
	`recipients` integer NOT NULL,
	`status` text NOT NULL,
	`reply` text NOT NULL,
	`first_deferred_at` integer NOT NULL,
	`next_attempt_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `submission_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `waiting_since` ON `waiting` (`first_deferred_at`,`submission_id`);--> statement-breakpoint
CREATE INDEX `waiting_next` ON `waiting` (`next_attempt_at`);