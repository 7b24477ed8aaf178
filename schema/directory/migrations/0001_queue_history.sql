CREATE TABLE `queue_point` (
	`at` integer PRIMARY KEY NOT NULL,
	`submissions` integer NOT NULL,
	`recipients` integer NOT NULL,
	`oldest_seconds` integer NOT NULL
) STRICT, WITHOUT ROWID;
