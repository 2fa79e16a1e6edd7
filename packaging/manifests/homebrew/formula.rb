class TokenMonitor < Formula
  desc "{{summary}}"
  homepage "{{repository}}"
  url "{{repository}}/releases/download/v{{version}}/{{package}}-{{version}}.tar.gz"
  sha256 "{{sourceSha256}}"
  license "{{license}}"

  depends_on "node" => :build
  depends_on "rust" => :build

  def install
    system "npm", "ci", "--no-audit", "--no-fund"
    system "npm", "run", "ui:build"
    system "cargo", "install", "--bin", "token-monitor", *std_cargo_args(path: "src-tauri/crates/cli")
    generate_completions_from_executable(bin/"token-monitor", "completions")
    system bin/"token-monitor", "man", "--output", man1
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/token-monitor --version")
  end
end
