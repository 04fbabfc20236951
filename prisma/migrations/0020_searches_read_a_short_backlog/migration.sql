-- A GIN index puts new rows on a list that every search reads whole until a vacuum or its limit empties it: by default
-- 4 MB an index, so what a search cost hung on when autovacuum had last come by. In kB; without a list (fastupdate) a
-- bulk insert takes many times as long.
ALTER INDEX vehicles_external_ids SET (gin_pending_list_limit = 128);
ALTER INDEX vehicles_external_search SET (gin_pending_list_limit = 128);
ALTER INDEX vehicles_search SET (gin_pending_list_limit = 128);
ALTER INDEX contacts_search SET (gin_pending_list_limit = 128);
ALTER INDEX webhooks_search SET (gin_pending_list_limit = 128);
ALTER INDEX audit_entries_name_trgm SET (gin_pending_list_limit = 128);

SELECT gin_clean_pending_list(index) FROM unnest(ARRAY[
  'vehicles_external_ids', 'vehicles_external_search', 'vehicles_search', 'contacts_search', 'webhooks_search',
  'audit_entries_name_trgm'
]::regclass[]) AS index;
