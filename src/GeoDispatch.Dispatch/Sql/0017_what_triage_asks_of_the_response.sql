-- What the triage of its calls asks of an incident's units besides the run card, as the last event said: read beside the incident, never searched.
ALTER TABLE dispatch.incident ADD required jsonb;
