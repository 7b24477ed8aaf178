CREATE TABLE `dkim_key` (
	`selector` text PRIMARY KEY NOT NULL,
	`algorithm` text NOT NULL,
	`private_key` text NOT NULL,
	`public_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`active_from` integer NOT NULL,
	`retired_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sending_day` (
	`day` text PRIMARY KEY NOT NULL,
	`recipients` integer DEFAULT 0 NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `domain` ADD `relay_url` text;