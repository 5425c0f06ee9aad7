"""What a study's answers say: agreement of readers, the model beside them, change of mind. Pure functions on arrays."""
