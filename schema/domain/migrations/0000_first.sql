CREATE TABLE `account` (
	`local_part` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`is_active` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `alias_target` (
	`local_part` text NOT NULL,
	`target` text NOT NULL,
	`user_id` text,
	PRIMARY KEY(`local_part`, `target`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `domain` (
	`name` text PRIMARY KEY NOT NULL,
	`forwarder_user_id` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `login_attempt` (
	`local_part` text NOT NULL,
	`origin` text NOT NULL,
	`failures` integer NOT NULL,
	`window_started_at` integer NOT NULL,
	`succeeded_at` integer,
	PRIMARY KEY(`local_part`, `origin`)
) STRICT, WITHOUT ROWID;
