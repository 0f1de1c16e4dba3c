"""What reports read of other rooms: each file reads the tables of one kind of fact. This package alone knows those tables; it only reads."""
