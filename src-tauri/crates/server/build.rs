//! Embeds the built web dashboard, `ui/dist-web`. Without it the server still compiles, and answers that it was not built.

fn main() -> std::io::Result<()> {
    token_monitor_embed::embed_folder("../../../ui/dist-web")
}
