import 'vue'

/** Attributes that every component hands on to its element; without this the strict template check refuses them. */
declare module 'vue' {
  interface AllowedComponentProps {
    title?: string
    'aria-label'?: string
    'aria-describedby'?: string
    'aria-pressed'?: boolean
    'data-lines'?: number
    'data-autofocus'?: '' | boolean
  }
  interface HTMLAttributes {
    'data-autofocus'?: '' | boolean
  }
  interface InputHTMLAttributes {
    webkitdirectory?: '' | boolean
  }
}
