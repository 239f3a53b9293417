-- PostGIS and pg_trgm need a superuser once; where they are there already, these lines ask for nothing.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The shared map reads as this role: it sees the views of schema share and nothing else.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'share_reader') THEN
        CREATE ROLE share_reader NOLOGIN;
    END IF;
EXCEPTION
    -- A role belongs to the whole cluster: another database's migration may create it in the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'share_reader', 'MEMBER') THEN
        EXECUTE format('GRANT share_reader TO %I', current_user);
    END IF;
END $$;

CREATE SCHEMA share;
GRANT USAGE ON SCHEMA share TO share_reader;
