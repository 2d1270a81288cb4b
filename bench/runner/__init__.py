"""What scripts/bench is made of: options, measuring, the document, comparing, and what is printed."""
