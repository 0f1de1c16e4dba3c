"""The demand side: what employers, citizens and schools want to be learned, found together until a class exists, and the seats that employers pay.

A *demand* is what somebody wants people to be able to do: in plain words, with the skills that were recognised in them, for how many people, when and
where. A *pool* gathers demand of several for the same outcome in the same area. A *pledge* is a promise of one of them to that pool: so many seats, at
any of these *slots* (a weekday and a part of the day), for at most so much. A pool with enough pledges at one slot asks a *provider*; who accepts gives
dates and a price, each firm *confirms* with one click, and the class is *founded*: every confirmed pledge becomes a block of seats that is paid by its
firm. A *tailored request* asks several providers for a *proposal* where nothing exists yet. A *sponsorship* is a block of seats with the people for
whom they are: named, invited, replaced, or given out by a code.
"""
