"""What Punkt learns from raw texts."""

from train.corpora.punkt_training import train_punkt


def test_punkt_is_trained_on_cleaned_texts_and_rare_contexts_are_dropped() -> None:
    texts = [
        f"I asked Mr.&nbsp;{name} twice.<br />Mr. {name} was kind. He is a kind man, yes."
        for name in ["Bell", "Ode", "Ruiz", "Kline"] * 6
    ]
    learned = train_punkt(texts)
    assert "mr" in learned.abbrev_types
    assert "kind" in learned.ortho_context
    assert not any("<" in word or "&" in word for word in learned.ortho_context)
    fewer = train_punkt(texts, minimum_count=25)
    assert fewer.abbrev_types == learned.abbrev_types
    assert fewer.ortho_context.items() < learned.ortho_context.items()
    assert "ruiz" in learned.ortho_context
    assert "ruiz" not in fewer.ortho_context
