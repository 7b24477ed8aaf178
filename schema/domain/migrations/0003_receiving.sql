CREATE TABLE `disposable_alias` (
	`local_part` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`note` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `disposable_alias_of_account` ON `disposable_alias` (`user_id`);--> statement-breakpoint
ALTER TABLE `domain` ADD `policy` text DEFAULT '{}' NOT NULL;