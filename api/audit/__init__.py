"""Who looked: reads of persons, searches and reveals, chained, without what was seen."""
