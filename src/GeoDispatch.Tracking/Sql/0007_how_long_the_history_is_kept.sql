-- How many days of fixes are kept: of a department's vehicles, or, without a department, of all others. A fix may come 30 days late, and a
-- day that it changes is told anew from the history: less than 31 days would make it forget.
CREATE TABLE tracking.retention (
    department text UNIQUE NULLS NOT DISTINCT REFERENCES identity.department,
    days int NOT NULL CHECK (days BETWEEN 31 AND 3660)
);
INSERT INTO tracking.retention (department, days) VALUES (NULL, 183);
