-- The full-text index (hand-written: Drizzle has no virtual tables). Contentless: the text is in `body` and in R2, so it
-- is not stored a second time; contentless_delete lets a row leave without its text. Its rowid is the message's id,
-- so newest first is the index's own order.
CREATE VIRTUAL TABLE `message_index` USING fts5(
	subject,
	sender,
	recipients,
	body,
	attachment_names,
	content = '',
	contentless_delete = 1,
	tokenize = 'unicode61 remove_diacritics 2'
);
