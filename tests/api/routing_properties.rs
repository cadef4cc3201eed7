//! What holds of every case whatever its facts: of random cases over the whole domain.
