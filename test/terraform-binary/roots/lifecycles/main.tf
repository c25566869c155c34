locals {
  tags = { Name = "x", Team = "y" }
}

resource "terraform_data" "kept" {
  input = local.tags
  lifecycle {
    prevent_destroy       = true
    create_before_destroy = true
    ignore_changes        = [input["Team"], triggers_replace]
  }
}

resource "terraform_data" "replaced" {
  count            = 2
  input            = { index = count.index, kept = terraform_data.kept.input.Name }
  triggers_replace = [terraform_data.kept.id, count.index]
  lifecycle {
    replace_triggered_by = [terraform_data.kept.input, terraform_data.kept]
    ignore_changes       = all
  }
}

resource "terraform_data" "last" {
  depends_on = [terraform_data.replaced, terraform_data.kept]
  input      = terraform_data.replaced[*].input.index
  connection {
    type = "ssh"
    host = self.input[0]
  }
  provisioner "remote-exec" {
    inline     = ["echo ${self.id}"]
    on_failure = continue
    connection {
      type = "ssh"
      host = "example.org"
    }
  }
  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.id}"
  }
}
