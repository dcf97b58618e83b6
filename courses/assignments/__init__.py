"""Rules of assignments: rubrics, deadlines, scores."""
