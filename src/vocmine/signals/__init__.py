"""What customers' turns say comes in; the signals they carry go out, each with its probability, its words and why.

`rules` finds cues of word lists and says how each is meant; heads of the model read the same segments; `combine` weighs
both. On top of them stand frustration, effort, agents' styles, levels, and the queue of contacts to look at first.
"""
