"""Letters: e-mail in the reader's language, as text and HTML.

A *letter* is written from the present state at the moment of sending. Without SMTP letters become files, and the *demo mailbox* lists them.
"""
