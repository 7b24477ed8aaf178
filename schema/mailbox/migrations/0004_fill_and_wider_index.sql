-- Fills what 0003 added for mailboxes that have messages, and makes the full-text index anew with columns for Cc, Bcc and
-- List-Id (hand-written, as 0001). The alarm indexes the messages that are here again, from `body` or from R2.
INSERT INTO folder_thread (folder_id, message_id, thread_id)
	SELECT p.folder_id, max(p.message_id), m.thread_id FROM folder_message p JOIN message m ON m.id = p.message_id
	GROUP BY p.folder_id, m.thread_id;
--> statement-breakpoint
UPDATE folder SET size = coalesce(CASE role
	WHEN 'flagged' THEN (SELECT sum(size) FROM message WHERE is_flagged = 1)
	ELSE (SELECT sum(m.size) FROM folder_message p JOIN message m ON m.id = p.message_id WHERE p.folder_id = folder.id)
END, 0);
--> statement-breakpoint
UPDATE folder SET (total, unread, size) = (
	SELECT folder.total - coalesce(sum(f.total), 0), folder.unread - coalesce(sum(f.unread), 0),
		coalesce((SELECT sum(size) FROM message), 0) - coalesce(sum(f.size), 0)
	FROM folder f WHERE f.role IS NULL OR f.role NOT IN ('all', 'flagged')
) WHERE role = 'all';
--> statement-breakpoint
-- What is in trash (6) or junk (5) is taken to have come there now.
INSERT INTO discarded (message_id, since)
	SELECT DISTINCT message_id, unixepoch() * 1000 FROM folder_message WHERE folder_id IN (5, 6);
--> statement-breakpoint
INSERT INTO usage (kind, key, total, size)
	SELECT 'year', strftime('%Y', id / 1024000, 'unixepoch'), count(*), sum(size) FROM message GROUP BY 2;
--> statement-breakpoint
INSERT INTO usage (kind, key, total, size)
	SELECT 'attachment_type', json_extract(a.value, '$.content_type'), count(*), sum(json_extract(a.value, '$.size'))
	FROM message, json_each(message.attachments) a GROUP BY 2;
--> statement-breakpoint
UPDATE message SET fingerprint = substr(f.hash, 1, 32) FROM fingerprint f
	WHERE f.message_id = message.id AND length(f.hash) = 64;
--> statement-breakpoint
DELETE FROM fingerprint WHERE length(hash) = 64 AND message_id IN (SELECT id FROM message);
--> statement-breakpoint
UPDATE fingerprint SET hash = substr(hash, 1, 32) WHERE length(hash) = 64;
--> statement-breakpoint
UPDATE account SET unindexed_below = 9007199254740991 WHERE EXISTS (SELECT 1 FROM message);
--> statement-breakpoint
DROP TABLE message_index;
--> statement-breakpoint
CREATE VIRTUAL TABLE `message_index` USING fts5(
	subject,
	sender,
	recipients,
	cc,
	bcc,
	body,
	attachment_names,
	list_id,
	content = '',
	contentless_delete = 1,
	tokenize = 'unicode61 remove_diacritics 2'
);
