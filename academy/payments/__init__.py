"""Money that moves: what somebody pays, what goes back, what a provider receives, and the papers of all that.

A *payment* is what one payer owes at one moment for one thing; a *checkout* is one visit to the bank for it, and a payment may need several. A
*notice* is what the bank tells us; only a notice settles a payment, never the visitor who comes back. A *refund* goes back to who paid. A
*transfer* is what a provider receives of a payment, less the platform's *fee*. The *ledger* holds every amount that moved or is owed, twice: as a
debit and as a credit. *Invoices* and *credit notes* are numbered per supplier, and never changed.

This room knows no seats and no subsidies: what a payment is for is a `purpose` and the id of its subject.
"""
