"""What fills in a step: times, dates, nights, guests, addresses, people, ways, codes. `reading` takes them all."""
