CREATE TABLE `reference` (
	`user_id` text NOT NULL,
	`reference` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `reference`)
) STRICT, WITHOUT ROWID;
