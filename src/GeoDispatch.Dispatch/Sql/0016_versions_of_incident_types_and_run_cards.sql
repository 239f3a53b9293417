-- Who changes one says by its version which one he has read: what another changed meanwhile is not written over.
ALTER TABLE dispatch.incident_type ADD version integer NOT NULL DEFAULT 1;
ALTER TABLE dispatch.run_card ADD version integer NOT NULL DEFAULT 1;
