ALTER TABLE `session` ADD `kind` text DEFAULT 'session' NOT NULL;--> statement-breakpoint
ALTER TABLE `session` ADD `name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `session` ADD `user_agent` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `session` ADD `last_used_at` integer;