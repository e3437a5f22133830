"""`make conformance`: thousands of random graphs, and the golden cases on two engines of Step Functions."""
