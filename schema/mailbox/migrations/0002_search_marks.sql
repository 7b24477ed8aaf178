CREATE INDEX `message_with_attachment` ON `message` (`id`) WHERE has_attachment = 1;--> statement-breakpoint
CREATE INDEX `message_draft` ON `message` (`id`) WHERE is_draft = 1;