//! What the compiler says of mistakes: one fault a file, in the folder of the stage that finds it. `TRYBUILD=overwrite`
//! writes the expected output anew.

use std::fs;
use std::path::{Path, PathBuf};

/// What rustc itself repeats, and how often.
const REPEATED: &[(&str, usize)] = &[
    // One error for each of the constant, the accessor and the query.
    ("across/accessors_of_a_deprecated_field", 3),
    ("across/accessors_of_a_private_field", 3),
    // One error for the argument, one for the future that borrows it.
    ("across/all_of_a_source_that_fetches_by_key", 2),
    ("across/column_that_does_not_decode", 2),
    ("across/sources_that_do_not_hold_the_model", 2),
    ("across/counts_of_a_relation_of_another_model", 3),
    ("across/key_of_the_wrong_type", 2),
    ("across/not_a_source", 2),
    ("across/sum_of_a_text", 3),
    ("across/ancestors_of_a_to_many_relation", 3),
    ("across/descendants_of_a_to_one_relation", 3),
    // One error for the relation, one for the argument.
    ("across/filter_of_a_plain_join_table", 2),
    // One error for the field, one for each item that repeats its type.
    ("across/join_table_that_is_no_model", 3),
    // One error for the condition's model, one for the enum that has none.
    ("across/filter_on_a_morph_to", 2),
    // One error for the relation, one for the enum that has no columns.
    ("across/order_by_a_morph_to", 2),
    ("across/morph_to_an_enum_that_is_not_derived", 17),
    ("across/morph_variant_is_no_model", 10),
    ("across/target_does_not_exist", 2),
    ("across/target_is_no_model_of_an_optional_belongs_to", 20),
    ("across/target_is_no_model_of_belongs_to", 20),
    ("across/target_is_no_model_of_has_many", 14),
    ("across/target_is_no_model_with_derives", 23),
    // One error for each item that repeats the type of the model that is extended.
    ("across/extends_no_model", 8),
    // One error for the number of columns, one for the types.
    ("across/inherited_key_of_two_columns", 2),
    // One error for the field's type, one that says what to do.
    ("model/has_many_of_an_option", 2),
    ("model/through_of_an_option", 2),
    ("model/many_to_many_of_an_option", 2),
    // This is what it is about.
    ("model/several_mistakes_at_once", 4),
];

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn one_mistake_is_one_error() {
    for (name, _, output) in cases() {
        let errors = output.lines().filter(|line| line.starts_with("error")).count();
        let expected = REPEATED.iter().find(|(repeated, _)| *repeated == name).map_or(1, |(_, errors)| *errors);
        assert_eq!(errors, expected, "{name}");
    }
}

#[test]
fn the_first_error_is_at_the_users_own_word() {
    for (name, source, output) in cases() {
        let place = output.lines().find_map(|line| line.trim_start().strip_prefix("--> ui/"));
        let line = place.and_then(|place| place.split(':').nth(1)?.parse::<usize>().ok());
        let line = line.and_then(|line| source.lines().nth(line - 1)).unwrap_or_default();
        assert!(!line.is_empty() && !line.contains("derive("), "{name}: {line}");
    }
}

/// The name, the source and the expected output of every case.
fn cases() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).expect("a folder of cases").map(|entry| entry.expect("an entry").path()).collect()
    };
    let files = entries(&root).into_iter().flat_map(|folder| entries(&folder));
    let outputs = files.filter(|file| file.extension().is_some_and(|extension| extension == "stderr"));
    outputs
        .map(|file| {
            let name = file.strip_prefix(&root).expect("a case").with_extension("").display().to_string();
            let read = |file: &Path| fs::read_to_string(file).expect("a readable file");
            (name, read(&file.with_extension("rs")), read(&file))
        })
        .collect()
}
