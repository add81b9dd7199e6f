"""How the embedded model is made: from parallel sentences to the folder that ships.

``python -m training --help`` lists the steps in the order of the work; README.md is the recipe.
"""

from newsbridge.errors import NewsbridgeError


class TrainingError(NewsbridgeError):
    """A corpus, a setting or a state that cannot be trained with; the message says where."""
