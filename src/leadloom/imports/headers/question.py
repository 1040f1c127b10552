"""Headers that are whole questions, as forms write them: "Which company do you work for?"."""

from leadloom.imports.words import word_list

# A question that begins so is answered with the thing itself, not with yes or no.
_ASKING = word_list(
    """
    what which who whom where your please whats
    was welche welches welcher welchem welchen wie wo ihr ihre ihren dein deine bitte
    quel quelle quels quelles votre vos ton ta
    cual que tu su cuales como
    qual quale quali che
    """
)
# Beginning with one of these, the next word asks: "For which company …", "In quale azienda …".
_BEFORE = word_list("in for at fur bei dans pour en para per em a aus and so")
_OF_THE_QUESTION = word_list(
    """
    what whats s which who whom where is are the of your you do does for at in a an work working
    works there currently please enter tell us me give provide share best to with belong
    was welche welches welchen welchem welcher wie wo ist sind lautet heisst heissen ihr ihre ihren
    ihrem dein deine deiner deinem arbeiten arbeitest sie du bitte geben fur bei im der die das den
    quel quelle quels quelles est sont votre vos ton ta travaillez vous travailles tu dans pour le
    la les o os as seu
    cual que es tu su usted trabajas trabaja en para el cuales como llama
    qual quale e il tuo sua suo tua seu lavori lavora trabalha trabalhas voce em per per chi
    """
)


def asked_for(words: list[str]) -> list[str]:
    """Return what a question asks for, its other words set aside; [] when it is no question."""
    begin = 1 if words and words[0] in _BEFORE else 0
    fewest = 2 if words[:1] == ["and"] else 3
    if len(words) - begin < fewest or words[begin] not in _ASKING:
        return []
    return [word for word in words[begin:] if word not in _OF_THE_QUESTION]
