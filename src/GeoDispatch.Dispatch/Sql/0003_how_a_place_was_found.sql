-- How the place of an incident was found, and how the caller said it; null for incidents of before.
ALTER TABLE dispatch.incident ADD found_by text, ADD caller_words text;
