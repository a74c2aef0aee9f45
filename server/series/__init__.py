"""Series: what is stated of one metric of a city, or of one of its industries, year by year."""
