"""The library: the only room that speaks SQL. Recordings, readings, people and the audit trail on this computer."""
