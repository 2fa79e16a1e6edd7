//! Embeds the built dashboard of a team, `ui/dist-team`. Without it the hub still compiles, and answers that it was not built.

fn main() -> std::io::Result<()> {
    token_monitor_embed::embed_folder("../../../ui/dist-team")
}
