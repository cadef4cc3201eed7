# Short names for what is done often. Each recipe is one or two plain cargo commands; `just` itself is optional.

# List the recipes.
default:
    @just --list

# Run the service on http://127.0.0.1:8014, with a database of its own if DATABASE_URL is not set.
run *arguments:
    cargo run --release -- {{ arguments }}

# Run every test, against a database of its own.
test *arguments:
    cargo test {{ arguments }}

# Everything that must pass before a change is offered.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test
    cargo deny check licenses bans sources

# Write the schema anew; the old one stays if that fails.
schema:
    cargo run --quiet -- schema > target/schema.graphql
    mv target/schema.graphql graphql/schema.graphql
