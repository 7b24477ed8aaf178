CREATE TABLE `alert` (
	`code` text PRIMARY KEY NOT NULL,
	`is_raised` integer NOT NULL,
	`text` text NOT NULL,
	`changed_at` integer NOT NULL,
	`is_told` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `entry` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`submissions` integer NOT NULL,
	`recipients` integer NOT NULL,
	`oldest_at` integer,
	`causes` text NOT NULL,
	`concurrency` real NOT NULL,
	`per_minute` real NOT NULL,
	`paused_until` integer NOT NULL,
	`counters` text NOT NULL,
	`said_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `entry_name_unique` ON `entry` (`name`);--> statement-breakpoint
CREATE INDEX `entry_waiting` ON `entry` (recipients desc,`name`,`submissions`,`oldest_at`) WHERE submissions > 0;