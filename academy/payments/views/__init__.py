"""Pages that show money and the papers of it, and the door for notices of the bank; each file has a blueprint."""
