"""What every chart is put together from: colours, sizes of text, places of labels, axes and marks."""
