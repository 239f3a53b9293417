-- One row, written once an hour: after a start the server knows whether a silent exchange is missed.
CREATE TABLE dispatch.exchange (
    is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
    alive_at timestamptz NOT NULL
);
