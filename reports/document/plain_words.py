"""Our own plain words for the standards of the first edition, and for the levels.

Easier words, not yet checked with people. A standard that is not here keeps its title.
"""

# Each principle: what it is called, and what it is about.
PARTS = {
    "PR": (
        "How we treat each other",
        "This part is about being fair, kind and honest.",
    ),
    "PU": (
        "Why we ask people to take part",
        "This part is about having a good reason, and saying what it is.",
    ),
    "PS": (
        "Who takes part",
        "This part is about having the right people there.",
    ),
    "PC": (
        "How we do it",
        "This part is about making it easy and safe to take part.",
    ),
    "IM": (
        "What changes",
        "This part is about what got better because people took part.",
    ),
}

STANDARDS = {
    "PR1": "People agree together how to treat each other.",
    "PR2": "People have a real say in what is decided.",
    "PR3": "All people count the same. It is safe to disagree.",
    "PR4": "People are treated fairly, whoever they are.",
    "PR5": "Staff use words that people are happy with.",
    "PR6": "We are honest. We do what we say.",
    "PU1": "It is clear why people are asked to take part.",
    "PU2": "We say first what can change and what can not.",
    "PU3": "People know what their part is.",
    "PU4": "We agree at the start what a good result would be.",
    "PU5": "There is a plan, and money for it. A leader looks after it.",
    "PS1": "People take part from start to end, and when big things are decided.",
    "PS2": "There are enough people, so that nobody is the only one.",
    "PS3": "All kinds of people take part, and those who are often left out.",
    "PS4": "Carers have their own say.",
    "PS5": "We work with groups that people run for themselves.",
    "PS6": "People with lived experience have paid jobs here, and lead things.",
    "PC1": "It is easy to find out how to join in.",
    "PC2": "The words are clear. People get things in time.",
    "PC3": "People get help to prepare. They learn together with staff.",
    "PC4": "People get support when they take part.",
    "PC5": "People get fair pay. It costs them nothing to take part.",
    "PC6": "Meetings are run so that all can join in.",
    "PC7": "We tell people what happened after they had their say.",
    "IM1": "Plans change because of what people say.",
    "IM2": "Services get better because of what people say.",
    "IM3": "Taking part is good for people’s own lives.",
    "IM4": "Staff think and work in a better way.",
    "IM5": "Things get fairer for people.",
    "IM6": "We look back together, and go on from there.",
}

# By level, 0 to 4.
ANSWERS = (
    "We have not begun.",
    "We have just begun.",
    "We do this in some places.",
    "We do this nearly everywhere. Most people with lived experience say so too.",
    (
        "We do this nearly everywhere. Most people with lived experience say so too, and "
        "some lead it, or lead it with us."
    ),
)
NO_LEVEL = {
    "dont_know": "We do not know yet.",
    "unanswered": "We have no answer yet.",
    "not_applicable": "This is not about us.",
}
