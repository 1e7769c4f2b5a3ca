//! A gateway with its doors and readers on this machine, for tests, demo and rehearsal.
