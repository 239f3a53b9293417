-- The column by whose texts the features of a layer are found where places are searched; null: they are not.
ALTER TABLE sharing.layer ADD COLUMN search_column text;
COMMENT ON COLUMN sharing.layer.search_column IS 'A text column of the view. One that the view has no more is as good as null.';
