//! The cases of the tests are the same in every run.

use proptest::test_runner::{Config, RngSeed};

use crate::examples::house;

#[test]
fn property_tests_draw_from_a_saved_seed() {
    let settings = std::fs::read_to_string(house(".cargo/config.toml")).unwrap();
    let seed = settings.lines().find_map(|line| line.strip_prefix("PROPTEST_RNG_SEED = ")).unwrap();
    assert!(seed.trim_matches('"').parse::<u64>().is_ok(), "{seed}");
    // Cargo sets the variable; a test program that is started directly has none.
    if std::env::var_os("PROPTEST_RNG_SEED").is_some() {
        assert!(matches!(Config::default().rng_seed, RngSeed::Fixed(_)), "the seed is not a number");
    }
}
