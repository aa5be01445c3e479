"""What the calendar does to demand: weekdays, seasons, holidays, and what is known beside the values."""
