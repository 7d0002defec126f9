//! Mistakes that do not compile, and what the compiler says to each: a promise of the types.

#[test]
fn a_mistake_explains_itself() {
    trybuild::TestCases::new().compile_fail("tests/mistakes/*.rs");
}
